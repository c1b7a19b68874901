import { createHash } from 'node:crypto'

/**
 * The document that names what the first page is made of, and what a browser is to allow it. Its modules are named all
 * at once: else a browser would learn of each from the one that imports it. Pure.
 */
export function indexOf(
  version: string,
  { styles, modules }: { styles: readonly string[]; modules: readonly string[] },
  imports: Readonly<Record<string, string>>,
): { text: string; contentSecurityPolicy: string } {
  const importMap = JSON.stringify({ imports })
  const at = (file: string) => `./${version}/${file}`
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Reckon</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${at('style/logo.svg')}">
${styles.map((file) => `<link rel="stylesheet" href="${at(file)}">`).join('\n')}
<script type="importmap">${importMap}</script>
${modules.map((file) => `<link rel="modulepreload" href="${at(file)}">`).join('\n')}
<script type="module" src="${at('main.ts')}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page is drawn by JavaScript; kubectl shows the same without.</noscript>
</body>
</html>
`
  return { text, contentSecurityPolicy: contentSecurityPolicyFor(importMap) }
}

/** Only our own files, no markup from text, nobody's frame; the one inline script is the import map. */
function contentSecurityPolicyFor(importMap: string): string {
  const hash = createHash('sha256').update(importMap).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}
