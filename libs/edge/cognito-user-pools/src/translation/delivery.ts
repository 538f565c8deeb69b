import type { wire } from '@rollcall/contracts';

import type { CodeDeliveryDetailsType, DeliveryMediumType } from '../gen/shapes.js';

export const deliveryOut = ({ destination, medium, attribute }: wire.authentication.CodeDelivery): CodeDeliveryDetailsType =>
  ({ Destination: destination, DeliveryMedium: medium as DeliveryMediumType, AttributeName: attribute });
