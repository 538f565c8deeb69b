import type { InputPlace } from '@rollcall/edge-aws-json';

type Fields = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const fields = (value: unknown): Fields => (value !== null && typeof value === 'object' ? (value as Fields) : {});

/** `arn:aws:cognito-idp:<region>:<account>:userpool/<poolId>` */
const poolOfArn = (arn: string | undefined): string | undefined => arn && /:userpool\/([^/]+)$/.exec(arn)?.[1];

/** Where an input of this API belongs and who sent it: the members that name it, wherever they stand. */
export function placeOf(input: Fields): InputPlace {
  return {
    poolId: text(input['UserPoolId']) ?? poolOfArn(text(input['ResourceArn'])),
    clientId: text(input['ClientId']),
    name: text(input['Username']) ?? text(fields(input['AuthParameters'])['USERNAME']) ?? text(fields(input['ChallengeResponses'])['USERNAME']),
    encodedData: text(fields(input['UserContextData'])['EncodedData']) ?? text(fields(input['ContextData'])['EncodedData']),
    clientMetadata: input['ClientMetadata'] as Readonly<Record<string, string>> | undefined,
  };
}
