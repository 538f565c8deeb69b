import { Module, type DynamicModule } from '@nestjs/common';
import { NotificationService } from '@rollcall/contracts';
import { loopbackPort } from '@rollcall/platform-rpc';

import { notificationService, type NotificationNeeds } from './application/notification-service.js';

export const NOTIFICATION_PORT = Symbol('NotificationPort');

/** The notification service as a binding of its port. */
@Module({})
export class NotificationModule {
  static local(needs: NotificationNeeds): DynamicModule {
    const provider = { provide: NOTIFICATION_PORT, useFactory: () => loopbackPort(NotificationService, notificationService(needs)) };
    return { module: NotificationModule, providers: [provider], exports: [NOTIFICATION_PORT] };
  }
}
