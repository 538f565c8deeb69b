import { epochSeconds } from '@rollcall/kernel';

export const noon = epochSeconds(1_767_268_800);
export const later = epochSeconds(noon + 60);
