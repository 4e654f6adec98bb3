// The bundle that the server serves under /app/. Names carry hashes; nothing is put inline, nothing is made at run time that the content security policy refuses.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.SLUICE_URL ?? 'http://127.0.0.1:8443';

export default defineConfig({
  base: '/app/',
  plugins: [react()],
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],  // the first that know light-dark()
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    sourcemap: false,
  },
  server: { proxy: { '/api': server, '/sign-in': server, '/favicon.svg': server } },
});
