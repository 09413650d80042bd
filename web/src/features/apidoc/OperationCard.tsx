import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { curl, fieldsOf, sample, typeOf, type Field } from '../../core/apidoc/describe';
import type { Answer, Document, Operation } from '../../core/apidoc/document';
import { apidoc as words } from '../../text/apidoc';
import { CopyText } from '../../ui/CopyText';
import classes from './apidoc.module.css';

function Fields({ fields, caption }: { fields: readonly Field[]; caption: string }) {
  if (fields.length === 0) return null;
  return (
    <table className={classes.fields} aria-label={caption}>
      <thead>
        <tr>
          <th scope="col">{words.name}</th>
          <th scope="col">{words.kind}</th>
          <th scope="col">{words.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name}>
            <td>
              <code>{field.name}</code>
              {field.required && <span className={classes.required}> {words.required}</span>}
            </td>
            <td>{field.type}</td>
            <td>{[field.limits, field.description].filter(Boolean).join('. ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={4}>{title}</Title>
      {children}
    </Stack>
  );
}

function Parameters({ document, operation }: { document: Document; operation: Operation }) {
  if (operation.parameters.length === 0) return null;
  const fields = operation.parameters.map((one) => {
    const [said] = fieldsOf(document, { properties: { [one.name]: one.schema } });
    return {
      name: one.name,
      type: typeOf(document, one.schema),
      required: one.required,
      limits: [words.place[one.in], said?.limits].filter(Boolean).join('; '),
      description: one.description ?? one.schema.description ?? '',
    };
  });
  return (
    <Part title={words.parameters}>
      <Fields fields={fields} caption={words.parameters} />
    </Part>
  );
}

function Done({ document, answer }: { document: Document; answer: Answer }) {
  return (
    <Part title={words.answer(answer.status, answer.means)}>
      {answer.schema === null ? <Text size="sm">{words.empty}</Text> : <Fields fields={fieldsOf(document, answer.schema)} caption={words.answers} />}
      {answer.mediaType !== null && answer.mediaType !== 'application/json' && <Code>{answer.mediaType}</Code>}
    </Part>
  );
}

function Refusals({ answers }: { answers: readonly Answer[] }) {
  return (
    <Part title={words.refusals}>
      <ul className={classes.refusals}>
        {answers.map((answer) => (
          <li key={answer.status}>
            {words.answer(answer.status, answer.means)}:{' '}
            {answer.codes.map((code) => (
              <Code key={code} mr={4}>
                {code}
              </Code>
            ))}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Inside({ document, operation }: { document: Document; operation: Operation }) {
  const line = curl(document, operation, window.location.origin);
  return (
    <Stack gap="md" className={classes.inside}>
      {operation.description && <Text>{operation.description}</Text>}
      {!operation.signedIn && <Text size="sm">{words.everybody}</Text>}
      <Parameters document={document} operation={operation} />
      {operation.body && (
        <Part title={words.body}>
          <Fields fields={fieldsOf(document, operation.body)} caption={words.body} />
          <Code block>{JSON.stringify(sample(document, operation.body), null, 2)}</Code>
        </Part>
      )}
      {operation.answers
        .filter(({ status }) => status < 400)
        .map((answer) => (
          <Done key={answer.status} document={document} answer={answer} />
        ))}
      <Refusals answers={operation.answers.filter(({ status }) => status >= 400)} />
      <Part title={words.curl}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Code block className={classes.line}>
            {line}
          </Code>
          <CopyText value={line} label={words.copy} />
        </Group>
      </Part>
    </Stack>
  );
}

/** One operation; what is inside is drawn when it is first opened. */
export function OperationCard({ document, operation }: { document: Document; operation: Operation }) {
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.operation} id={operation.id} onToggle={(event) => setOpened((was) => was || event.currentTarget.open)}>
      <summary>
        <span className={classes.method} data-method={operation.method}>
          {operation.method}
        </span>
        <code className={classes.path}>{operation.path}</code>
        <span className={classes.summary}>{operation.summary}</span>
      </summary>
      {opened && <Inside document={document} operation={operation} />}
    </details>
  );
}
