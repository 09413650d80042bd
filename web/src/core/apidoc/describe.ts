import { resolve, type Document, type Operation, type Schema } from './document';

const DEPTH = 6;

/** A field of a body or an answer; fields of fields have dots, those of lists brackets. */
export interface Field {
  name: string;
  type: string;
  required: boolean;
  limits: string;
  description: string;
}

function alternatives(schema: Schema): readonly Schema[] | null {
  return schema.anyOf ?? schema.oneOf ?? null;
}

/** What kind of value it is, in a few words. */
export function typeOf(document: Document, given: Schema): string {
  const schema = resolve(document, given);
  const either = alternatives(schema);
  if (either) return either.map((one) => typeOf(document, one)).join(' or ');
  if (schema.allOf?.[0]) return typeOf(document, schema.allOf[0]);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'array') return schema.items ? `list of ${typeOf(document, schema.items)}` : 'list';
  if (schema.type === 'object') return 'object';
  return schema.format ? `${schema.type ?? 'any'} (${schema.format})` : (schema.type ?? 'any');
}

function limitsOf(schema: Schema): string {
  const one = (alternatives(schema) ?? []).find((each) => each.type !== 'null') ?? schema;
  const said: string[] = [];
  const range = (least: number | undefined, most: number | undefined, unit: string) => {
    if (least !== undefined && most !== undefined) said.push(`${least} to ${most}${unit}`);
    else if (least !== undefined) said.push(`at least ${least}${unit}`);
    else if (most !== undefined) said.push(`at most ${most}${unit}`);
  };
  range(one.minimum, one.maximum, '');
  range(one.minLength, one.maxLength, ' characters');
  range(one.minItems, one.maxItems, ' entries');
  if (schema.default !== undefined && schema.default !== null) said.push(`${JSON.stringify(schema.default)} unless given`);
  return said.join(', ');
}

/** The object a value is, or is a list of, with the brackets its name gets; null for everything else. */
function inside(document: Document, given: Schema): { schema: Schema; brackets: string } | null {
  const schema = resolve(document, given);
  const either = alternatives(schema)?.filter((one) => one.type !== 'null');
  if (either) return either.length === 1 && either[0] ? inside(document, either[0]) : null;
  if (schema.allOf?.[0]) return inside(document, schema.allOf[0]);
  if (schema.type === 'array' && schema.items) {
    const found = inside(document, schema.items);
    return found && { schema: found.schema, brackets: `[]${found.brackets}` };
  }
  return schema.properties ? { schema, brackets: '' } : null;
}

/** Every field, an object's own right behind it. */
export function fieldsOf(document: Document, given: Schema, prefix = '', depth = 0): Field[] {
  const found = inside(document, given);
  if (!found || depth > DEPTH) return [];
  const own = prefix + found.brackets + (prefix || found.brackets ? '.' : '');
  return Object.entries(found.schema.properties ?? {}).flatMap(([name, field]) => [
    {
      name: own + name,
      type: typeOf(document, field),
      required: found.schema.required?.includes(name) ?? false,
      limits: limitsOf(field),
      description: field.description ?? '',
    },
    ...fieldsOf(document, field, own + name, depth + 1),
  ]);
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  uuid: '01970000-0000-7000-8000-000000000000',
  'date-time': '2030-01-31T09:00:00Z',
  date: '2030-01-31',
  email: 'ada@example.com',
};

/** A value as one might send it: what is required, and nothing else. */
export function sample(document: Document, given: Schema, depth = 0): unknown {
  const schema = resolve(document, given);
  if (schema.example !== undefined) return schema.example;
  const first = alternatives(schema)?.[0] ?? schema.allOf?.[0];
  if (first) return sample(document, first, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object': {
      if (depth > DEPTH) return {};
      const wanted = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
      return Object.fromEntries(wanted.map(([name, field]) => [name, sample(document, field, depth + 1)]));
    }
    case 'array':
      return schema.items && depth <= DEPTH ? [sample(document, schema.items, depth + 1)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return SAMPLES[schema.format ?? ''] ?? 'text';
    default:
      return null;
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A line for a shell that sends the request; `$VIVA_TOKEN` holds an API token. */
export function curl(document: Document, operation: Operation, origin: string): string {
  const query = operation.parameters.filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=${String(sample(document, one.schema))}`);
  const path = operation.path.replace(/{(\w+)}/g, (_, name: string) => name.toUpperCase());
  const parts = ['curl', ...(operation.method === 'GET' ? [] : ['-X', operation.method])];
  if (operation.signedIn) parts.push('-H', '"Authorization: Bearer $VIVA_TOKEN"');
  if (operation.body) parts.push('-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(sample(document, operation.body))));
  parts.push(quoted(origin + path + (query.length > 0 ? `?${query.join('&')}` : '')));
  return parts.join(' ');
}
