import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url));

/** A layer may only import what stands before it: core < api < session < ui < features < app. */
const layer = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/generated'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 110, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.tsx', 'src/**/use*.ts'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
  },
  { files: ['src/**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['public/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['scripts/**/*.mjs', '*.js'], languageOptions: { globals: globals.node } },
  layer(
    ['src/core/**'],
    ['react', 'react-dom', 'react-router', '@mantine/*', '@tanstack/*', '**/api/client', '**/api/queries/**', '**/ui/**', '**/session/**', '**/features/**', '**/app/**'],
    'core is logic without React and without the network client',
  ),
  layer(['src/api/**'], ['@mantine/*', '**/ui/**', '**/session/**', '**/features/**', '**/app/**'], 'api knows the server only'),
  layer(['src/ui/**'], ['**/features/**', '**/app/**', '**/session/**'], 'ui is shared by features and never imports them'),
  layer(['src/session/**'], ['**/features/**', '**/app/**'], 'session is shared by features and never imports them'),
  ...features.map((name) => ({
    files: [`src/features/${name}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(app|features|${features.filter((other) => other !== name).join('|')})/`,
              message: 'features use session, core, api and ui, never each other',
            },
          ],
        },
      ],
    },
  })),
);
