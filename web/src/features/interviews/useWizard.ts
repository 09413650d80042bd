import { useState } from 'react';
import { useChangeInterview, useCreateInterview, useMoveInterview } from '../../api/queries/interviews';
import { useInvite } from '../../api/queries/invites';
import type { Interview, Invite } from '../../api/types';
import { newKey } from '../../core/key';
import { useLookedOver } from './InviteList';
import { changeBody, draftBody, emptyForm, formErrors, type FormErrors, type InterviewForm } from './interviewForm';

export type Wizard = ReturnType<typeof useWizard>;

/** The three steps of a new interview. It is a draft from the second step on, so that lists can be looked over. */
export function useWizard() {
  const [form, setForm] = useState(emptyForm);
  const [errors, setErrors] = useState<FormErrors>({});
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState<Interview | null>(null);
  const [pasted, setPasted] = useState('');
  const [invites, setInvites] = useState<Invite[]>([]);
  const [done, setDone] = useState(false);
  // Sent again after a broken connection, each is done once; other contents are another request.
  const [keys, setKeys] = useState(() => ({ create: newKey(), invite: newKey() }));
  const looked = useLookedOver(draft?.id ?? '', draft === null ? '' : pasted);
  const create = useCreateInterview();
  const update = useChangeInterview();
  const move = useMoveInterview();
  const invite = useInvite(draft?.id ?? '');

  const change = (part: Partial<InterviewForm>) => {
    setForm((old) => ({ ...old, ...part }));
    setKeys((old) => ({ ...old, create: newKey() }));
  };
  const paste = (next: string) => {
    setPasted(next);
    setKeys((old) => ({ ...old, invite: newKey() }));
  };

  const keepDraft = async () => {
    const found = formErrors(form, Date.now());
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const kept =
      draft === null
        ? await create.mutateAsync({ body: draftBody(form), key: keys.create })
        : await update.mutateAsync({ interview: draft, body: changeBody({ ...form, questions: unkept(form) }, false) });
    setDraft(kept);
    setStep(1);
  };
  const open = async () => {
    if (draft === null) return;
    const opened = draft.status === 'active' ? draft : await move.mutateAsync({ interview: draft, move: 'activate' });
    setDraft(opened);
    if (looked.fine) setInvites((await invite.mutateAsync({ pasted, key: keys.invite })).items);
    setDone(true);
  };
  // What went wrong shows beside the buttons.
  const next = async () => {
    if (step === 0) await keepDraft().catch(() => undefined);
    else setStep(step + 1);
  };

  return {
    form,
    change,
    errors,
    step,
    draft,
    pasted,
    paste,
    looked,
    invites,
    done,
    next,
    back: () => setStep(Math.max(0, step - 1)),
    finish: () => open().catch(() => undefined),
    busy: create.isPending || update.isPending || move.isPending || invite.isPending,
    error: create.error ?? update.error ?? move.error ?? invite.error,
  };
}

/** The rows as new ones: nobody takes part in a draft, so nothing is lost by writing them again. */
const unkept = (form: InterviewForm) => form.questions.map((question) => ({ ...question, kept: null }));
