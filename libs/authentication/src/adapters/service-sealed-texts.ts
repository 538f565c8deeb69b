import type { ServiceKeys } from '@rollcall/eventing';
import { openText, sealText, type TextForm } from '@rollcall/platform-crypto';

import type { SealedTexts, SealPurpose } from '../application/sealed-texts.js';

/** Clients decode a SECRET_BLOCK as plain base64. */
const formOf = (purpose: SealPurpose): TextForm => (purpose === 'secret-block' ? 'base64' : 'base64url');

/** Sealed under a key of the service, so that any of its processes opens what another one sealed. */
export const serviceSealedTexts = ({ keys }: { readonly keys: Pick<ServiceKeys, 'serviceKey'> }): SealedTexts => ({
  seal: async (purpose, value) => sealText(await keys.serviceKey('session'), `${purpose}/v1`, value, formOf(purpose)),
  open: async (purpose, text) => openText(await keys.serviceKey('session'), `${purpose}/v1`, text, formOf(purpose)),
});
