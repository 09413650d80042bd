/** As much of JSON Schema as the server's document uses. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  prefixItems?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

type Content = Readonly<Record<string, { schema: Schema }>>;

interface RawOperation {
  operationId: string;
  tags: readonly string[];
  summary?: string;
  description?: string;
  parameters?: readonly Parameter[];
  requestBody?: { content: Content };
  responses: Readonly<Record<string, { description: string; content?: Content }>>;
  security: readonly unknown[];
}

/** The OpenAPI document, as the server writes it. */
export interface Document {
  info: { title: string; version: string };
  paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  components: { schemas: Readonly<Record<string, Schema>> };
}

export interface Answer {
  status: number;
  means: string;
  mediaType: string | null;
  schema: Schema | null;
  /** Codes of refusals; empty for what was done. */
  codes: readonly string[];
}

/** One method of one path. */
export interface Operation {
  id: string;
  tag: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  signedIn: boolean;
  parameters: readonly Parameter[];
  body: Schema | null;
  answers: readonly Answer[];
}

export interface Group {
  tag: string;
  operations: readonly Operation[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** What a reference leads to; anything else is itself. */
export function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

function codesOf(schema: Schema | null): readonly string[] {
  const named = schema?.allOf?.flatMap((part) => part.properties?.error?.enum ?? []) ?? [];
  return named.map(String);
}

function answersOf(raw: RawOperation): Answer[] {
  return Object.entries(raw.responses).map(([status, { description, content }]) => {
    const [mediaType, body] = Object.entries(content ?? {})[0] ?? [null, null];
    const schema = body?.schema ?? null;
    return { status: Number(status), means: description, mediaType, schema, codes: codesOf(schema) };
  });
}

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  return {
    id: raw.operationId,
    tag: raw.tags[0] ?? '',
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? raw.operationId,
    description: raw.description ?? '',
    signedIn: raw.security.length > 0,
    parameters: raw.parameters ?? [],
    body: raw.requestBody?.content['application/json']?.schema ?? null,
    answers: answersOf(raw),
  };
}

/** Every operation, those of one tag together, in the order of the document. */
export function grouped(document: Document): Group[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const raw = methods[method];
      if (!raw) continue;
      const operation = operationOf(path, method, raw);
      groups.set(operation.tag, [...(groups.get(operation.tag) ?? []), operation]);
    }
  }
  return [...groups].map(([tag, operations]) => ({ tag, operations })).sort((a, b) => a.tag.localeCompare(b.tag));
}

/** The groups with those operations only whose path, name or summary contains every word. */
export function search(groups: readonly Group[], words: string): Group[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (operation: Operation) => {
    const said = `${operation.method} ${operation.path} ${operation.id} ${operation.summary}`.toLowerCase();
    return wanted.every((word) => said.includes(word));
  };
  return groups.map(({ tag, operations }) => ({ tag, operations: operations.filter(fits) })).filter(({ operations }) => operations.length > 0);
}
