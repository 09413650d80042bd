// Adds up the compressed script a candidate downloads over a whole interview; fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 200;
const DIST = new URL('../dist/', import.meta.url).pathname;
const CANDIDATE_PAGES = [
  'src/features/auth/SignIn.tsx',
  'src/features/auth/SignUp.tsx',
  'src/features/account/VerifyPage.tsx',
  'src/features/account/ForgotPage.tsx',
  'src/features/account/ResetPage.tsx',
  'src/features/invitation/InvitationPage.tsx',
  'src/features/candidate/Dashboard.tsx',
  'src/features/mydata/MyDataPage.tsx',
  'src/features/attend/SessionLayout.tsx',
  'src/features/attend/ConsentPage.tsx',
  'src/features/attend/CheckPage.tsx',
  'src/features/answer/AnswerPage.tsx',
  'src/features/room/RoomPage.tsx',
  'src/features/attend/DonePage.tsx',
];

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));
const files = new Set();

function collect(key) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the build`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(imported);
}

collect('index.html');
CANDIDATE_PAGES.forEach(collect);

const sizes = [...files]
  .filter((file) => file.endsWith('.js'))
  .map((file) => ({ file, kb: gzipSync(readFileSync(join(DIST, file))).length / 1024 }))
  .sort((a, b) => b.kb - a.kb);
const total = sizes.reduce((sum, { kb }) => sum + kb, 0);
for (const { file, kb } of sizes) console.log(`${kb.toFixed(1).padStart(7)} kB  ${file}`);
console.log(`${total.toFixed(1).padStart(7)} kB  all candidate pages (budget ${BUDGET_KB} kB, gzip)`);
if (total > BUDGET_KB) process.exit(1);
