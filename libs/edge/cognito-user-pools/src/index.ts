export { facts } from './gen/facts.js';
