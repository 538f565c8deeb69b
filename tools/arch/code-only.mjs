/**
 * A source with comments and the contents of strings made blank, line by line in place, so that words in them are not
 * taken for code. What stands in `${…}` of a template is code and stays.
 */
const notCode = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

export const codeOnly = (text) => text.replace(notCode, (found) => (found.startsWith('`') ? withoutText(found) : blank(found)));

const blank = (text) => text.replace(/[^\n]/g, ' ');

const withoutText = (template) => template.split(/(\$\{[^}]*\})/).map((part, index) => (index % 2 === 1 ? part : blank(part))).join('');
