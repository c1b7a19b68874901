import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js'
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'

/** What `Gossip/Read` answers: a cluster of this node alone, which leads it. */
export function clusterOfOne(member: {
  readonly id: string
  readonly host: string
  readonly port: number
  readonly nowMs: number
}): ClusterInfo {
  const id = new sharedMessages.UUID()
  id.setString(member.id)
  const endPoint = new gossipMessages.EndPoint()
  endPoint.setAddress(member.host)
  endPoint.setPort(member.port)
  const info = new gossipMessages.MemberInfo()
  info.setInstanceId(id)
  info.setTimeStamp(`${member.nowMs}0000`)
  info.setState(gossipMessages.MemberInfo.VNodeState.LEADER)
  info.setIsAlive(true)
  info.setHttpEndPoint(endPoint)
  const cluster = new gossipMessages.ClusterInfo()
  cluster.addMembers(info)
  return cluster
}
