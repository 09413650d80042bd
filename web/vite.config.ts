import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  // The server puts a fresh nonce in its place with every page (server/web/static.py).
  html: { cspNonce: 'VIVA_STYLE_NONCE' },
  build: {
    // The manifest lets `npm run size` add up what a candidate downloads.
    manifest: true,
    // The page policy allows no data: scripts or fonts, so nothing is inlined.
    assetsInlineLimit: 0,
  },
  server: {
    // The published figures are a page of docs/.
    fs: { allow: ['..'] },
    proxy: { '/api/v1': { target: 'http://localhost:8080', ws: true } },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
