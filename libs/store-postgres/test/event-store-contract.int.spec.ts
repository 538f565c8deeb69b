import { eventStoreContract } from '@rollcall/eventing/testing';

import { postgresUnderTest } from './postgres-under-test.js';

eventStoreContract('the PostgreSQL store', postgresUnderTest);
