/** What a person may do so often in an hour. */
export type Spending = 'confirm-sign-up' | 'resend-code';

/** @see reference of published limits, section "Codes and attempts" */
export const hourlyBudgets: Readonly<Record<Spending, number>> = { 'confirm-sign-up': 15, 'resend-code': 5 };

/** Hourly budgets: one row per person and kind, changed by one statement. */
export interface Budgets {
  /**
   * Spends one unit. A repeat of the last request costs nothing, for clients repeat what was refused by a limit.
   *
   * @param person keyed hash (hex), as for lock-outs
   * @returns false if the hour's budget is spent
   */
  spend(person: string, what: Spending, limit: number, requestMark: string | undefined): Promise<boolean>;
}
