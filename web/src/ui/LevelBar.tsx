import classes from './LevelBar.module.css';

interface Props {
  /** 0 to 1. */
  value: number;
  label: string;
  /** Stands on a picture. */
  veil?: boolean;
}

/** The microphone's level as a bar that moves. */
export function LevelBar({ value, label, veil = false }: Props) {
  return (
    <div
      className={classes.track}
      data-veil={veil || undefined}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
    >
      <div className={classes.fill} style={{ transform: `scaleX(${value})` }} />
    </div>
  );
}
