import type { Controller } from './controller.ts'
import { DataKeyController } from './data-key/controller.ts'
import { defaultRolesController } from './default-roles/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { endpointSliceController } from './endpoint-slice/controller.ts'
import { GarbageController } from './garbage/controller.ts'
import { jobController } from './job/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { nodeRangeController } from './node-range/controller.ts'
import { replicaSetController } from './replica-set/controller.ts'
import { ReservationController } from './reservation/controller.ts'
import { roleAggregationController } from './role-aggregation/controller.ts'

/** Every controller, for one term. A new one is a new folder and a line here. */
export const createControllers = (): readonly Controller[] => [
  deploymentController,
  replicaSetController,
  jobController,
  endpointSliceController,
  new GarbageController(),
  namespaceController,
  nodeRangeController,
  defaultRolesController,
  roleAggregationController,
  new ReservationController(),
  new DataKeyController(),
]
