import type { Json } from '@rollcall/kernel';

/** What a sealed text is for: one kind never passes as another. */
export type SealPurpose = 'session' | 'secret-block' | 'proof';

/** Texts that hold the state of a flow between its steps, at most 2,048 characters, readable by this service alone. */
export interface SealedTexts {
  seal(purpose: SealPurpose, value: Json): Promise<string>;
  /** `undefined` for whatever was not sealed here for this purpose, or was changed since. */
  open(purpose: SealPurpose, text: string): Promise<unknown>;
}
