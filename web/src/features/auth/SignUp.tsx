import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSignUp } from '../../api/queries/auth';
import { text } from '../../text';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import { destination } from './destination';
import { emailError, nameError, passwordError } from './validate';

const EMPTY = { organisation_name: '', full_name: '', email: '', password: '' };

/** Says which of the two ways in this is, and leads to the other. */
function Footer({ company, search }: { company: boolean; search: string }) {
  return (
    <>
      {text.auth.haveAccount}{' '}
      <Anchor component={Link} to={`/sign-in?${search}`}>
        {text.auth.toSignIn}
      </Anchor>
      <br />
      {company ? text.auth.wereYouInvited : text.auth.forCompany}{' '}
      <Anchor component={Link} to={company ? '/sign-up' : '/sign-up/company'}>
        {company ? text.auth.toSignUp : text.auth.toCompany}
      </Anchor>
    </>
  );
}

/** An account, for somebody who was invited; `company` founds an organisation with it. */
export default function SignUp({ company = false }: { company?: boolean }) {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const signUp = useSignUp();
  const code = params.get('code');
  const wrong = { organisation_name: company && form.organisation_name.trim() === '' ? text.auth.companyMissing : null, full_name: nameError(form.full_name), email: emailError(form.email), password: passwordError(form.password) };

  const field = (name: keyof typeof EMPTY) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setForm((old) => ({ ...old, [name]: value }));
    },
    error: tried && wrong[name],
    required: true,
    withAsterisk: false,
    size: 'md' as const,
  });

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some((problem) => problem !== null)) return;
    const body = {
      ...form,
      organisation_name: company ? form.organisation_name.trim() : null,
      full_name: form.full_name.trim(),
      email: form.email.trim(),
    };
    signUp.mutate(body, { onSuccess: (me) => void navigate(company ? '/interviews' : destination(me, params), { replace: true }) });
  };

  return (
    <CardPage
      title={company ? text.auth.companyTitle : text.auth.signUpTitle}
      lead={company ? text.auth.companyLead : text.auth.signUpLead}
      footer={<Footer company={company} search={params.toString()} />}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {code && (
            <Note tone="good" card>
              {text.auth.codeKept(code)}
            </Note>
          )}
          {company && <TextInput label={text.auth.company} autoComplete="organization" maxLength={200} {...field('organisation_name')} />}
          <TextInput label={text.auth.fullName} autoComplete="name" {...field('full_name')} />
          <TextInput label={text.auth.email} description={company ? text.auth.companyEmailHint : text.auth.emailHint} type="email" autoComplete="username" {...field('email')} />
          <PasswordInput label={text.auth.password} description={text.auth.passwordHint} autoComplete="new-password" {...field('password')} />
          <ErrorNote error={signUp.error} />
          <Button type="submit" size="md" loading={signUp.isPending}>
            {text.auth.signUp}
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
