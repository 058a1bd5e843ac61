/**
 * Puts generated text between the marks of a page: `<!-- begin NAME ... -->` and `<!-- end NAME -->`.
 * @param {string} page
 * @param {Readonly<Record<string, string>>} sections text by name; each must have its marks
 * @returns {string}
 */
export function fillSections(page, sections) {
  let filled = page;
  for (const [name, text] of Object.entries(sections)) {
    const marks = new RegExp(`(<!-- begin ${name}\\b[^>]*-->\\n)[^]*?(\\n<!-- end ${name} -->)`);
    if (!marks.test(filled)) throw new Error(`The page has no marks for the section "${name}".`);
    filled = filled.replace(marks, (_, begin, end) => `${begin}\n${text}\n${end}`);
  }
  return filled;
}
