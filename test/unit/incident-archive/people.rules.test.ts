import { describe, expect, it } from 'vitest';
import { ArchivePeople } from '../../../src/incident-archive/people/archive-people.rules.ts';
import { Speakers } from '../../../src/incident-log/people/speaker.rules.ts';

const people = new ArchivePeople(['Élodie Martin (rédaction)', 'Zoé', 'Le', 'Jean-Paul Massy']);

describe('people in an archive', () => {
  it('have one number each, in the order in which they come', () => {
    expect(['b', 'a', 'b', null].map((id) => people.of(id))).toEqual(['PERSON-1', 'PERSON-2', 'PERSON-1', null]);
  });

  it.each([
    ['Élodie Martin appelle', '[personne 1] appelle'],
    ['MARTIN ÉLODIE appelle, puis Zoé', '[personne 1] appelle, puis [personne 2]'],
    ['Mme Durand, puis M. Le Goff', 'Mme [personne], puis M. [personne]'],
    ['le capitaine J. de Villiers arrive', 'le capitaine [personne] arrive'],
    ['MME DURAND', 'MME [personne]'],
    ['M. le maire et Mme la préfète', 'M. le maire et Mme la préfète'],
    ['au 12 bis, rue des Lilas', 'au [numéro] rue des Lilas'],
    ['3 routes coupées, 2 places', '3 routes coupées, 2 places'],
    ['rappeler le 06 12 34 56 78 ou a@b.fr', 'rappeler le [téléphone 1] ou [courriel 1]'],
    ['vu sur https://blog.durand.example/x et www.durand.example', 'vu sur [adresse web] et [adresse web]'],
    ['en 48.69361, 2.29371', 'en [position]'],
    ['L’Yvette à 2,45 m, 3 m dans 1 h', 'L’Yvette à 2,45 m, 3 m dans 1 h'],
  ])('leave « %s » as « %s »', (text, clean) => {
    expect(people.clean(text)).toBe(clean);
    expect(people.clean(null)).toBeNull();
  });
});

describe('who sent a message', () => {
  const speakers = new Speakers(
    ['Sdis de l’Essonne', 'Sdis 91'],
    ['Massy', 'Les Ulis', 'Le Plessis-Pâté', 'Longjumeau'],
  );
  it.each([
    ['Mairie de Longjumeau', 'Mairie de Longjumeau'],
    ['Maire des Ulis', 'Maire des Ulis'],
    ['Maire du Plessis-Pâté', 'Maire du Plessis-Pâté'],
    ['SDIS 91 – CODIS', 'SDIS 91, CODIS'],
    ['Mairie de Massy, Mme Durand', 'Mairie de Massy, [personne]'],
    ['Mme Massy', '[personne]'],
    ['Durand, 06 12 34 56 78', '[personne]'],
    ['Jean', '[personne]'],
    ['', ''],
  ])('« %s » is shown as « %s »', (speaker, shown) => {
    expect(speakers.shown(speaker)).toBe(shown);
  });
});
