export const mydata = {
  title: 'My data',
  lead: 'What is stored about you, to take along or to delete.',
  downloadTitle: 'Take it along',
  download: 'Download my data',
  downloadLead:
    'A ZIP file with your account, interviews, consents, recordings and what was noticed in them. What others think of you is not part of it.',
  eraseTitle: 'Delete everything',
  eraseLead:
    'Your recordings, pictures, answers and invitations are deleted at every company, usually within a minute and within 30 days at most. This cannot be undone, and interviews that are under way end.',
  account: 'Your account is closed and deleted too.',
  keepsAccount: 'Your account stays, since you work for a company here.',
  erase: 'Delete everything',
  confirmTitle: 'Delete everything about you?',
  confirmLead: (email: string) => `Type ${email} to confirm.`,
  email: 'E-mail',
  erased: 'Your data is being deleted',
  erasedLead: 'Nobody can see your interviews any more. The files go within a minute or so, and at the latest until',
  goodbye: 'Leave',
};
