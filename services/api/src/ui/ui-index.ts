/**
 * The document that names what the first page is made of, and what a browser is to allow it. What it has of the page is
 * seen before there is any code. Pure.
 */
export function indexOf(
  version: string,
  { style, code }: { style: string; code: string },
): { text: string; contentSecurityPolicy: string } {
  const at = (file: string) => `./${version}/${file}`
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Reckon</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${at('style/logo.svg')}">
<link rel="stylesheet" href="${at(style)}">
<script type="module" src="${at(code)}"></script>
</head>
<body>
<div id="page"><div class="frame"><nav class="side"><span class="brand"><span class="logo"></span>Reckon</span></nav></div></div>
<noscript>This page is drawn by JavaScript; kubectl shows the same without.</noscript>
</body>
</html>
`
  return { text, contentSecurityPolicy }
}

/** Only our own files, no markup from text, nobody's frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
