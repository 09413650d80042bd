import { ActionIcon, Group, NativeSelect, Slider, Text, type ActionIconProps } from '@mantine/core';
import {
  IconArrowsExchange,
  IconMaximize,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconRewindBackward5,
  IconRewindForward5,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { RATES } from '../../core/playback/player';
import { formatClock } from '../../core/time/clock';
import { review as words } from '../../text/review';
import classes from './player.module.css';
import type { Desk } from './useDesk';

interface ToolProps extends ActionIconProps {
  label: string;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, children, ...rest }: ToolProps) {
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} title={label} {...rest}>
      {children}
    </ActionIcon>
  );
}

function Volume({ desk }: { desk: Desk }) {
  const { volume, muted } = desk.player;
  const apply = (nextVolume: number, nextMuted: boolean) => desk.dispatch({ type: 'sound', volume: nextVolume, muted: nextMuted });
  return (
    <Group gap={4} wrap="nowrap" visibleFrom="sm">
      <Tool label={muted ? words.unmute : words.mute} onClick={() => apply(volume, !muted)}>
        {muted ? <IconVolumeOff size={18} stroke={1.6} /> : <IconVolume size={18} stroke={1.6} />}
      </Tool>
      <Slider
        w={80}
        size="xs"
        label={null}
        thumbLabel={words.volume}
        min={0}
        max={1}
        step={0.05}
        value={muted ? 0 : volume}
        onChange={(value) => apply(value, value === 0)}
      />
    </Group>
  );
}

interface Props {
  desk: Desk;
  /** Null where there is only one picture. */
  onSwap: (() => void) | null;
  onToggle: () => void;
  onFullScreen: () => void;
}

/** Play, seek, speed, incidents, volume, full screen. */
export function PlayerControls({ desk, onSwap, onToggle, onFullScreen }: Props) {
  const playing = desk.player.status === 'playing';
  return (
    <Group justify="space-between" gap="xs" className={classes.controls}>
      <Group gap={4}>
        <Tool label={words.previousIncident} onClick={() => desk.step(-1)}>
          <IconPlayerSkipBack size={18} stroke={1.6} />
        </Tool>
        <Tool label={words.back5} onClick={() => desk.seekBy(-5_000)}>
          <IconRewindBackward5 size={18} stroke={1.6} />
        </Tool>
        <ActionIcon size={32} radius="xl" variant="default" aria-label={playing ? words.pause : words.play} onClick={onToggle} data-testid="play-pause">
          {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
        </ActionIcon>
        <Tool label={words.forward5} onClick={() => desk.seekBy(5_000)}>
          <IconRewindForward5 size={18} stroke={1.6} />
        </Tool>
        <Tool label={words.nextIncident} onClick={() => desk.step(1)}>
          <IconPlayerSkipForward size={18} stroke={1.6} />
        </Tool>
        <Text ml="xs" data-testid="player-time">
          {formatClock(desk.axisMs)} / {formatClock(desk.totalMs)}
        </Text>
      </Group>
      <Group gap={4}>
        <NativeSelect
          size="xs"
          aria-label={words.speed}
          value={String(desk.player.rate)}
          data={RATES.map((rate) => ({ value: String(rate), label: `${rate}×` }))}
          onChange={(event) => desk.dispatch({ type: 'rate', rate: Number(event.currentTarget.value) })}
        />
        <Volume desk={desk} />
        {onSwap && (
          <Tool label={words.swap} onClick={onSwap}>
            <IconArrowsExchange size={18} stroke={1.6} />
          </Tool>
        )}
        {document.fullscreenEnabled && (
          <Tool label={words.fullScreen} onClick={onFullScreen}>
            <IconMaximize size={18} stroke={1.6} />
          </Tool>
        )}
      </Group>
    </Group>
  );
}
