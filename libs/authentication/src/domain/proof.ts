import type { EpochSeconds } from '@rollcall/kernel';

/** What can be proved; a new kind of factor adds its name. */
export type Factor = 'password';

/** A factor that was proved in a sign-in. */
export interface Proof {
  readonly factor: Factor;
  readonly at: EpochSeconds;
}

/** Authentication method references (RFC 8176) of a factor, as tokens carry them. */
const methods: Readonly<Record<Factor, string>> = { password: 'pwd' };

export const methodsOf = (proofs: readonly Proof[]): readonly string[] => [...new Set(proofs.map(({ factor }) => methods[factor]))];
