/** The folder of the page's files, for whoever serves them. */
export const folder = new URL('./', import.meta.url)

/** Where the libraries lie that the page imports by name. */
export const libraries: Readonly<Record<string, string>> = {
  htm: import.meta.resolve('htm'),
  'htm/preact': import.meta.resolve('htm/preact'),
  preact: import.meta.resolve('preact'),
  'preact/hooks': import.meta.resolve('preact/hooks'),
}
