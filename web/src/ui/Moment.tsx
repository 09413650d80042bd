import { Text, type TextProps } from '@mantine/core';
import { text } from '../text';

const dated = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const thisYear = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const zoned = new Intl.DateTimeFormat(undefined, { hour: 'numeric', timeZoneName: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

const zoneName = (date: Date): string => zoned.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';

const isThisYear = (date: Date): boolean => date.getFullYear() === new Date().getFullYear();

/** A point in time in the viewer's zone, with the zone named and the year where it is another; hovering shows UTC. */
export function Moment({ iso, ...rest }: { iso: string } & TextProps) {
  const date = new Date(iso);
  return (
    <Text span {...rest}>
      <time dateTime={iso} title={text.common.utc(utc.format(date))}>
        {(isThisYear(date) ? thisYear : dated).format(date)} {zoneName(date)}
      </time>
    </Text>
  );
}

/** The same with seconds and without the day, for what happened within a session. */
export function TimeOfDay({ iso, ...rest }: { iso: string } & TextProps) {
  const date = new Date(iso);
  return (
    <Text span {...rest}>
      <time dateTime={iso} title={text.common.utc(utc.format(date))}>
        {clock.format(date)} {zoneName(date)}
      </time>
    </Text>
  );
}
