import { describe, it } from '@jest/globals';
import { specification } from '@rollcall/eventing/testing';

import { clientCreated, clientDeleted } from '../src/domain/client.events.js';
import { client } from '../src/domain/client.js';
import { later, noon } from './given.js';

const given = specification(client);
const settingsJson = '{"ClientName":"web"}';
const create = { do: 'create', settingsJson, secretIds: ['one'], now: noon } as const;
const created = clientCreated({ settingsJson, secretIds: ['one'], at: noon });
const remove = { do: 'delete', clientId: 'web', now: later } as const;

describe('an app client', () => {
  it('is created with its settings as given and the ids of its secrets', () => given().when(create).then(created));
  it('is created once under an id', () => given(created).when(create).thenRefused('IdTaken'));
  it('does not come back under the id of a deleted one', () => given(created, clientDeleted({ at: noon })).when(create).thenRefused('IdTaken'));
  it('is deleted', () => given(created).when(remove).then(clientDeleted({ at: later })));
  it('is not deleted before it exists', () => given().when(remove).thenRefused('ClientNotFound', { clientId: 'web' }));
  it('is not deleted twice', () => given(created, clientDeleted({ at: noon })).when(remove).thenRefused('ClientNotFound', { clientId: 'web' }));
});
