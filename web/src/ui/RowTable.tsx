import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './RowTable.module.css';

export interface Column {
  name: string;
  /** Said to those who hear the page, not shown. */
  unseen?: boolean;
  /** Aligned by its last digit. */
  number?: boolean;
}

interface Props {
  columns: readonly Column[];
  /** Its first column is a sign of 20 pixels. */
  sign?: boolean;
  className?: string;
  children: ReactNode;
}

/** Rows from edge to edge of a staff page; cards on a phone, where a cell's `data-label` says what it is. */
export function RowTable({ columns, sign, className, children }: Props) {
  return (
    <div className={[classes.table, className].filter(Boolean).join(' ')} data-sign={sign ? true : undefined}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, unseen, number }) => (
              <th key={name} data-number={number ? true : undefined}>
                {unseen ? <VisuallyHidden>{name}</VisuallyHidden> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The second, smaller line of a cell. */
export function Second({ children }: { children: ReactNode }) {
  return <span className={classes.second}>{children}</span>;
}
