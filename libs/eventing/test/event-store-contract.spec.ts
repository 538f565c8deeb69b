import { eventStoreContract, memoryUnderTest } from '../src/testing/index.js';

eventStoreContract('the memory store', memoryUnderTest);
