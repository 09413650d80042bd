import { text } from '../../text';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export const PASSWORD_MIN = 10;

export const emailError = (email: string): string | null => (EMAIL.test(email.trim()) ? null : text.auth.emailInvalid);
export const passwordError = (password: string): string | null => (password.length >= PASSWORD_MIN ? null : text.auth.passwordShort);
export const nameError = (name: string): string | null => (name.trim() === '' ? text.auth.nameMissing : null);
