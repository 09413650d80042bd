import { createTheme, DEFAULT_THEME, defaultVariantColorsResolver, type MantineColorsTuple, type VariantColorsResolver } from '@mantine/core';
import { common } from '../text/common';

/** The one accent colour: shade 7 in the light, 4 in the dark (tokens.css names them). */
const viva: MantineColorsTuple = [
  '#f0fdfa',
  '#e3f3f1',
  '#99f6e4',
  '#5eead4',
  '#2dd4bf',
  '#14b8a6',
  '#0d9488',
  '#0f766e',
  '#115e59',
  '#10302d',
];

/** Ink, lines, paper and ground of the dark, from light to dark. */
const dark: MantineColorsTuple = [
  '#eef2f4',
  '#a9b4bb',
  '#929ba4',
  '#74808a',
  '#3a444b',
  '#262d32',
  '#1b2024',
  '#14181b',
  '#101416',
  '#0c0f11',
];

/** The library's red, with filled shades dark enough for white words. */
const red = DEFAULT_THEME.colors.red.map((shade, index) => ({ 6: '#d92d20', 7: '#b42318' })[index] ?? shade) as unknown as MantineColorsTuple;

/** Words on the accent are white in the light and nearly black in the dark. */
const variants: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const filled = input.variant === 'filled' && (input.color ?? input.theme.primaryColor) === 'viva';
  return filled ? { ...colors, color: 'var(--viva-on-accent)' } : colors;
};

/** What stands on a button: 16 px for candidates, who need it in reach, 12 px where it is small. */
const words = (size = 'sm') => (size.endsWith('xs') ? '12px' : size === 'lg' || size === 'xl' ? '16px' : '14px');

/** Heights in pixels: compact, work, wizard, candidates, and candidates on a phone. */
const BUTTON = { xs: 28, sm: 32, md: 40, lg: 48, xl: 56 };
const FIELD = { xs: 28, sm: 32, md: 44, lg: 48, xl: 56 };

const heights = (name: string, sizes: Record<string, number>) =>
  Object.fromEntries(Object.entries(sizes).map(([size, height]) => [`--${name}-height-${size}`, `${height}px`]));

export const theme = createTheme({
  primaryColor: 'viva',
  primaryShade: { light: 7, dark: 4 },
  black: '#101418',
  colors: { viva, dark, red },
  variantColorResolver: variants,
  fontFamily: '"Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '16px', lg: '20px', xl: '28px' },
  lineHeights: { xs: '1.3333', sm: '1.4286', md: '1.5', lg: '1.4', xl: '1.2857' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '28px', lineHeight: '36px' },
      h2: { fontSize: '20px', lineHeight: '28px' },
      h3: { fontSize: '16px', lineHeight: '24px' },
    },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '40px' },
  radius: { xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '32px' },
  shadows: { md: 'var(--viva-shadow-overlay)' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { vars: (_: unknown, { size }: { size?: string }) => ({ root: { ...heights('button', BUTTON), '--button-fz': words(size) } }) },
    Input: { vars: () => ({ wrapper: heights('input', FIELD) }) },
    Badge: { defaultProps: { radius: 'sm' }, styles: { label: { fontWeight: 500 } } },
    InputWrapper: { styles: { label: { fontSize: '14px', lineHeight: '20px', fontWeight: 500, marginBottom: '4px' } } },
    // The library leaves it out of Tab's way; who types by keyboard wants to see what they typed too.
    PasswordInput: { defaultProps: { visibilityToggleFocusable: true, visibilityToggleButtonProps: { 'aria-label': common.showPassword } } },
  },
});
