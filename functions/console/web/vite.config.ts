import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const OUTPUT = '../app/static'
const API = process.env.GOTERO_API ?? 'http://127.0.0.1:8080'

/** The Lambda hands out these copies as they are: nothing is compressed while a browser waits. */
function compressed(): Plugin {
  return {
    name: 'gotero-compressed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(OUTPUT, { recursive: true, encoding: 'utf8' })) {
        const path = join(OUTPUT, entry)
        if (!/\.(js|css|html|svg)$/.test(path) || !statSync(path).isFile()) continue
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), compressed()],
  build: { outDir: OUTPUT, emptyOutDir: true, chunkSizeWarningLimit: 800 },
  server: { proxy: { '/v1': API, '/console/config.json': API } },
})
