import { Module, type DynamicModule } from '@nestjs/common';
import { AuditService } from '@rollcall/contracts';
import { loopbackPort } from '@rollcall/platform-rpc';

import { auditService, type AuditNeeds } from './application/audit-service.js';

export const AUDIT_PORT = Symbol('AuditPort');

/** The audit service as a binding of its port. */
@Module({})
export class AuditModule {
  static local(needs: AuditNeeds): DynamicModule {
    const provider = { provide: AUDIT_PORT, useFactory: () => loopbackPort(AuditService, auditService(needs)) };
    return { module: AuditModule, providers: [provider], exports: [AUDIT_PORT] };
  }
}
