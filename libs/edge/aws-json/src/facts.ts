/** The facts of a service's API as generated from its model; see tools/codegen/models. */
export interface ServiceFacts {
  /** The service of a signature's scope, e.g. `cognito-idp`. */
  readonly service: string;
  /** What stands before the dot in `x-amz-target`. */
  readonly targetPrefix: string;
  readonly contentType: string;
  readonly readFrom: string;
  readonly operations: Readonly<Record<string, OperationFacts>>;
  readonly shapes: Readonly<Record<string, ShapeFacts>>;
}

export interface OperationFacts {
  /** `false`: callable without a signature. */
  readonly signed: boolean;
  readonly input: string;
  readonly output: string | null;
  readonly errors: readonly string[];
}

export interface ShapeFacts {
  readonly type: string;
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  readonly of?: string;
  readonly from?: string;
  readonly to?: string;
  /** Length in code points, bytes (blobs) or entries; value of numbers. */
  readonly min?: number;
  readonly max?: number;
  /** Java's syntax; the whole value must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Never shown in a message, never logged. */
  readonly sensitive?: boolean;
  readonly error?: string;
}

/** A shape by its name. @throws {TypeError} for a name that the generator would not have let through */
export function shapeOf(facts: ServiceFacts, name: string): ShapeFacts {
  const shape = facts.shapes[name];
  if (!shape) throw new TypeError(`no shape ${name}`);
  return shape;
}
