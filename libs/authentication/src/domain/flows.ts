import { DomainError } from '@rollcall/kernel';

export type FlowName = 'USER_AUTH' | 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH' | 'CUSTOM_AUTH' | 'REFRESH_TOKEN_AUTH' | 'ADMIN_USER_PASSWORD_AUTH';

interface Flow {
  /** The value of the client's ExplicitAuthFlows that opens it. */
  readonly setting: string;
  /** Who may begin it: the public operation, the administrator's, or both. */
  readonly by: 'public' | 'administrator' | 'both';
}

const flows: Readonly<Record<FlowName, Flow>> = {
  USER_AUTH: { setting: 'ALLOW_USER_AUTH', by: 'both' },
  USER_SRP_AUTH: { setting: 'ALLOW_USER_SRP_AUTH', by: 'both' },
  USER_PASSWORD_AUTH: { setting: 'ALLOW_USER_PASSWORD_AUTH', by: 'public' },
  CUSTOM_AUTH: { setting: 'ALLOW_CUSTOM_AUTH', by: 'both' },
  REFRESH_TOKEN_AUTH: { setting: 'ALLOW_REFRESH_TOKEN_AUTH', by: 'both' },
  ADMIN_USER_PASSWORD_AUTH: { setting: 'ALLOW_ADMIN_USER_PASSWORD_AUTH', by: 'administrator' },
};

const aliases: ReadonlyMap<string, FlowName> = new Map([
  ['ADMIN_NO_SRP_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
  ['REFRESH_TOKEN', 'REFRESH_TOKEN_AUTH'],
]);

/** The flow that a name means, older names included. */
export const flowNamed = (name: string): FlowName | undefined => (Object.hasOwn(flows, name) ? (name as FlowName) : aliases.get(name));

/**
 * Whether a flow may begin.
 * @param enabled the client's ExplicitAuthFlows
 * @returns the refusal; `undefined` if it may
 */
export function flowRefusal(name: string, enabled: ReadonlySet<string>, byAdministrator: boolean): DomainError | undefined {
  const flow = flowNamed(name);
  if (flow === undefined) return new DomainError('FlowNotSupported');
  const { setting, by } = flows[flow];
  if (by !== 'both' && (by === 'administrator') !== byAdministrator) return new DomainError('FlowNotSupported');
  return enabled.has(setting) ? undefined : new DomainError('FlowNotEnabled', { flow });
}
