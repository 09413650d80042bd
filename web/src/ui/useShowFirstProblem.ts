import { useEffect } from 'react';

/** Brings the first field with a problem into view: a button that does nothing has to say why. */
export function useShowFirstProblem(errors: object): void {
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    document.querySelector('[aria-invalid="true"], [data-problem]')?.scrollIntoView({ block: 'center' });
  }, [errors]);
}
