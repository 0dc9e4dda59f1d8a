// Reads pages (a JSON list of strings) and writes what is wrong with each: a JSON list of lists of lines.
import { HtmlValidate } from 'html-validate';

let given = '';
for await (const piece of process.stdin) given += piece;
const judge = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'no-trailing-whitespace': 'off', // how the source looks to nobody
    'no-inline-style': 'error',
    'long-title': 'off', // titles are other people's
  },
});
const found = [];
for (const html of JSON.parse(given)) {
  const report = await judge.validateString(html);
  found.push(report.results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line}: ${message} (${ruleId})`)));
}
process.stdout.write(JSON.stringify(found));
