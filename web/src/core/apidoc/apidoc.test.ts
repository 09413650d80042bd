import { describe, expect, it } from 'vitest';
import source from '../../../openapi.json?raw';
import { curl, fieldsOf, sample, typeOf } from './describe';
import { grouped, search, type Document } from './document';

const document = JSON.parse(source) as Document;
const operations = grouped(document).flatMap((group) => group.operations);
const named = (id: string) => {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

describe('the document to read', () => {
  it('has every operation once, under its tag', () => {
    const all = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(operations).toHaveLength(all.length);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(all.length);
    expect(operations.every(({ tag }) => tag !== '')).toBe(true);
  });

  it('finds operations by every word', () => {
    const found = search(grouped(document), 'post  /invites');
    expect(found.flatMap((group) => group.operations).map(({ id }) => id)).toContain('create_invites');
    expect(search(grouped(document), 'no such operation')).toEqual([]);
  });

  it('names the codes of refusals', () => {
    const refusals = named('create_interview').answers.flatMap(({ codes }) => codes);
    expect(refusals).toContain('idempotency_key_reused');
    expect(named('create_interview').answers.find(({ status }) => status === 201)?.codes).toEqual([]);
  });
});

describe('fields', () => {
  const body = named('create_interview').body ?? {};

  it('has those inside of lists behind them', () => {
    const names = fieldsOf(document, body).map(({ name }) => name);
    expect(names.indexOf('questions[].text')).toBe(names.indexOf('questions') + 1);
  });

  it('says what each takes', () => {
    const fields = new Map(fieldsOf(document, body).map((field) => [field.name, field]));
    expect(fields.get('takes')?.limits).toContain('1 to 10');
    expect(fields.get('questions[].text')?.required).toBe(true);
    expect(fields.get('questions[].question_id')?.type).toBe('string (uuid) or null');
  });

  it('comes to an end where a schema contains itself', () => {
    const self: Document = { ...document, components: { schemas: { A: { type: 'object', required: ['a'], properties: { a: { $ref: '#/components/schemas/A' } } } } } };
    const schema = { $ref: '#/components/schemas/A' };
    expect(fieldsOf(self, schema).length).toBeGreaterThan(0);
    expect(() => sample(self, schema)).not.toThrow();
    expect(typeOf(self, schema)).toBe('object');
  });
});

describe('a line for the shell', () => {
  it('sends the token and a body with what is required', () => {
    const line = curl(document, named('create_question'), 'https://viva.example');
    expect(line).toContain('-H "Authorization: Bearer $VIVA_TOKEN"');
    expect(line).toContain(`-d '{"text":"text"}'`);
    expect(line.endsWith(`'https://viva.example/api/v1/questions'`)).toBe(true);
  });

  it('sends no token where none is asked for', () => {
    expect(curl(document, named('get_health'), '')).toBe("curl '/api/v1/health'");
  });
});
