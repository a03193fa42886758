import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket, WebSocketServer } from 'ws';
import { beat, type Flow, LAST_LOOK_MS } from '../../../src/live/websocket/sockets.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A connection whose network and reader do as they are told. */
class Other extends EventEmitter implements Flow {
  readonly OPEN = 1;
  readyState = 1;
  isWaiting = false;
  taken = 0;
  answers = true;
  /** How long its answer takes to be read. */
  answersAfter = 50;
  end: 'cut' | 'too slow' | undefined;

  ping(): void {
    if (this.answers) setTimeout(() => this.emit('pong'), this.answersAfter);
  }
  terminate(): void {
    this.end = 'cut';
    this.readyState = 3;
  }
  closeTooSlow(): void {
    this.end = 'too slow';
    this.readyState = 2;
  }
}

function connect(): Other {
  const sockets = Object.assign(new EventEmitter(), { clients: new Set<unknown>() });
  beat(sockets as unknown as WebSocketServer, (socket) => socket as unknown as Flow & WebSocket);
  const other = new Other();
  sockets.clients.add(other);
  sockets.emit('connection', other);
  return other;
}
const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000);

describe('a connection that is asked whether it is still there', () => {
  it('stays while it answers', () => {
    const other = connect();
    minutes(60);
    expect(other.end).toBeUndefined();
  });

  it('is cut where it does not answer and nothing waits', () => {
    const other = connect();
    minutes(1);
    other.answers = false;
    vi.advanceTimersByTime(24_000 + LAST_LOOK_MS);
    expect(other.end).toBe('cut');
  });

  it('stays where its answer lay unread when the next ping was due, since the hub was held up', () => {
    const other = connect();
    // Behind the beat of the same moment: the event loop comes to its timers before it reads.
    other.answersAfter = 12_000;
    vi.advanceTimersByTime(24_000 + LAST_LOOK_MS);
    expect(other.end).toBeUndefined();
  });

  it('is too slow where more waits and nothing is taken', () => {
    const other = connect();
    Object.assign(other, { answers: false, isWaiting: true });
    vi.advanceTimersByTime(24_000 + LAST_LOOK_MS);
    expect(other.end).toBe('too slow');
  });

  it('is too slow where its reader stopped after it was asked', () => {
    const other = connect();
    other.answers = false;
    vi.advanceTimersByTime(12_000 + LAST_LOOK_MS);
    other.isWaiting = true;
    vi.advanceTimersByTime(24_000);
    expect(other.end).toBe('too slow');
  });

  it('stays while it reads, however slowly, though its answer stands behind what waits', () => {
    const other = connect();
    Object.assign(other, { answers: false, isWaiting: true });
    for (let minute = 0; minute < 30; minute++) {
      for (let second = 0; second < 60; second += 10) {
        other.taken += 1;
        vi.advanceTimersByTime(10_000);
      }
    }
    expect(other.end).toBeUndefined();
    // It has read everything, and is gone before it answers.
    other.isWaiting = false;
    vi.advanceTimersByTime(36_000);
    expect(other.end).toBe('cut');
  });

  it('is left alone while it says goodbye', () => {
    const other = connect();
    Object.assign(other, { answers: false, isWaiting: true, readyState: 2 });
    minutes(5);
    expect(other.end).toBeUndefined();
  });
});
