/** The embed's laws that a type checker cannot hold: no markup strings, no code from strings. */
const MARKUP = 'Markup strings die under Trusted Types and open the door to injected script: use dom.js and tree.js.';
const property = (name) => ({ property: name, message: MARKUP });

export default [
  { ignores: ['static/dist/**', 'node_modules/**', '.venv/**', '.cache/**'] },
  {
    files: ['static/**/*.{js,mjs}', 'tests/embed/**/*.js'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-debugger': 'error',
      'no-dupe-keys': 'error',
      'no-unreachable': 'error',
      'no-unused-vars': ['error', { args: 'after-used', ignoreRestSiblings: true }],
      'no-shadow': ['error', { builtinGlobals: false }],
      'no-empty': 'error',
      'no-throw-literal': 'error',
    },
  },
  {
    files: ['static/src/**/*.js'],
    rules: {
      'no-script-url': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(before|after|replaceWith|replaceChildren|append|prepend|toggleAttribute)$/]',
          message: 'Old frameworks made something else of it: insertBefore, appendChild, replaceChild, setAttribute.',
        },
        { selector: 'ForInStatement', message: 'What a page put on Object.prototype would come along: Object.keys().' },
      ],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'setHTML', 'createContextualFragment', 'parseHTMLUnsafe', 'srcdoc'].map(property),
        { object: 'document', property: 'write', message: MARKUP },
        { object: 'Array', property: 'from', message: 'MooTools and Prototype made something else of it: spread.' },
        { object: 'document', property: 'writeln', message: MARKUP },
      ],
      'no-restricted-globals': ['error', { name: 'DOMParser', message: MARKUP }, { name: 'XSLTProcessor', message: MARKUP }],
    },
  },
];
