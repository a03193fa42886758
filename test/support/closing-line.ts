import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` alone on the last line, when nothing can print after it. A module that does not load, an
 * error outside any test and a run without tests count as failures: a broken run never looks like a good one.
 */
export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;

  onInit(): void {
    process.once('exit', () => {
      if (this.#passed + this.#failed === 0) this.#failed = 1;
      if (this.#failed > 0) process.exitCode ||= 1;
      process.stdout.write(`\n${this.#passed} passed, ${this.#failed} failed\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    this.#passed = tests.filter((test) => test.result().state === 'passed').length;
    this.#failed = tests.filter((test) => test.result().state === 'failed').length + errors.length;
    for (const module of modules) {
      const suites = [module, ...module.children.allSuites()];
      this.#failed += suites.flatMap((suite) => suite.errors()).length;
    }
  }
}
