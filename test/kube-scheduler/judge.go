// Judges clusters with kube-scheduler's own plugins: reads one cluster a line, as JSON, and answers for each of its
// wanted pods, a line each, why each node does not suit, and which pods would have to leave it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	v1 "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/latest"
	"k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultbinder"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	plfeature "k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/interpodaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodename"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeports"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/noderesources"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeunschedulable"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/podtopologyspread"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/queuesort"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/tainttoleration"
	"k8s.io/kubernetes/pkg/scheduler/framework/runtime"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

type cluster struct {
	Nodes      []*v1.Node
	Namespaces []*v1.Namespace
	Budgets    []*policy.PodDisruptionBudget
	Pods       []*v1.Pod
	Wanted     []*v1.Pod
}

// What one node is to a pod: no reasons where it suits.
type verdict struct {
	Reasons    []string `json:"reasons,omitempty"`
	Victims    []string `json:"victims,omitempty"`
	Violations int      `json:"violations,omitempty"`
}

// Nobody is nominated.
type nobody struct{ framework.PodNominator }

func (nobody) NominatedPodsForNode(string) []fwk.PodInfo { return nil }

// In the order of kube-scheduler's default profile; queueSort and bind are needed by every framework.
var names = []string{
	queuesort.Name, nodeunschedulable.Name, nodename.Name, tainttoleration.Name, nodeaffinity.Name,
	nodeports.Name, noderesources.Name, podtopologyspread.Name, interpodaffinity.Name, defaultbinder.Name,
}

func main() {
	ctx := klog.NewContext(context.Background(), klog.Background())
	metrics.Register()
	defaults := must(latest.Default())
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 64<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var given cluster
		check(json.Unmarshal(input.Bytes(), &given))
		judge(ctx, defaults.Profiles[0].PluginConfig, &given, func(answer map[string]verdict) {
			check(output.Encode(answer))
		})
	}
	check(input.Err())
}

func judge(ctx context.Context, args []config.PluginConfig, given *cluster, answer func(map[string]verdict)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	factory := informers.NewSharedInformerFactory(nil, 0)
	for _, namespace := range given.Namespaces {
		check(factory.Core().V1().Namespaces().Informer().GetIndexer().Add(namespace))
	}
	snapshot := cache.NewSnapshot(given.Pods, given.Nodes)
	features := plfeature.NewSchedulerFeaturesFromGates(feature.DefaultFeatureGate)
	handle := must(runtime.NewFramework(ctx, registry(features), profile(args),
		runtime.WithInformerFactory(factory), runtime.WithSnapshotSharedLister(snapshot), runtime.WithPodNominator(nobody{})))
	preemption := must(defaultpreemption.New(ctx, argsOf(args, defaultpreemption.Name).Args, handle, features))
	for _, pod := range given.Wanted {
		state := framework.NewCycleState()
		prepared, refused, _ := handle.RunPreFilterPlugins(ctx, state, pod)
		verdicts := map[string]verdict{}
		for _, node := range given.Nodes {
			info := must(snapshot.NodeInfos().Get(node.Name))
			status := refused
			if refused.IsSuccess() {
				status = handle.RunFilterPlugins(ctx, state, pod, info)
			}
			if status.IsSuccess() && !prepared.AllNodes() && !prepared.NodeNames.Has(node.Name) {
				panic("a node suits that was left out beforehand")
			}
			found := verdict{}
			if !status.IsSuccess() {
				found.Reasons = status.Reasons()
			}
			if status.Code() == fwk.Unschedulable && refused.IsSuccess() {
				victims, violations, could := preemption.SelectVictimsOnNode(ctx, state.Clone(), pod, info.Snapshot(), given.Budgets)
				if could.IsSuccess() {
					for _, victim := range victims {
						found.Victims = append(found.Victims, victim.Name)
					}
					found.Violations = violations
				}
			}
			verdicts[node.Name] = found
		}
		answer(verdicts)
	}
}

func registry(features plfeature.Features) runtime.Registry {
	return runtime.Registry{
		queuesort.Name:         queuesort.New,
		defaultbinder.Name:     defaultbinder.New,
		nodeunschedulable.Name: runtime.FactoryAdapter(features, nodeunschedulable.New),
		nodename.Name:          runtime.FactoryAdapter(features, nodename.New),
		tainttoleration.Name:   runtime.FactoryAdapter(features, tainttoleration.New),
		nodeaffinity.Name:      runtime.FactoryAdapter(features, nodeaffinity.New),
		nodeports.Name:         runtime.FactoryAdapter(features, nodeports.New),
		noderesources.Name:     runtime.FactoryAdapter(features, noderesources.NewFit),
		podtopologyspread.Name: runtime.FactoryAdapter(features, podtopologyspread.New),
		interpodaffinity.Name:  runtime.FactoryAdapter(features, interpodaffinity.New),
	}
}

func profile(args []config.PluginConfig) *config.KubeSchedulerProfile {
	enabled := []config.Plugin{}
	own := []config.PluginConfig{}
	for _, name := range names {
		enabled = append(enabled, config.Plugin{Name: name})
		if found := argsOf(args, name); found.Args != nil {
			own = append(own, found)
		}
	}
	plugins := &config.Plugins{MultiPoint: config.PluginSet{Enabled: enabled}}
	return &config.KubeSchedulerProfile{SchedulerName: v1.DefaultSchedulerName, Plugins: plugins, PluginConfig: own}
}

func argsOf(args []config.PluginConfig, name string) config.PluginConfig {
	for _, each := range args {
		if each.Name == name {
			return each
		}
	}
	return config.PluginConfig{}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
