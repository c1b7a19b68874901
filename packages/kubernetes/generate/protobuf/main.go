// Writes the numbers that the fields of every served kind have in Kubernetes' protobuf, as JSON.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"

	apps "k8s.io/api/apps/v1"
	appsBeta "k8s.io/api/apps/v1beta2"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	autoscalingV2 "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	certificates "k8s.io/api/certificates/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	events "k8s.io/api/events/v1"
	extensions "k8s.io/api/extensions/v1beta1"
	networking "k8s.io/api/networking/v1"
	networkingBeta "k8s.io/api/networking/v1beta1"
	node "k8s.io/api/node/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	scheduling "k8s.io/api/scheduling/v1"
	storage "k8s.io/api/storage/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// roots are the objects that clients send; everything reachable from them is written too.
var roots = []any{
	core.Namespace{}, core.Node{}, core.Pod{}, core.Service{}, core.ConfigMap{}, core.Secret{}, core.Binding{},
	core.ServiceAccount{}, core.Endpoints{}, core.Event{}, core.LimitRange{}, core.ResourceQuota{}, core.PodTemplate{}, core.ReplicationController{},
	apps.Deployment{}, apps.ReplicaSet{}, apps.DaemonSet{}, apps.StatefulSet{}, apps.ControllerRevision{},
	appsBeta.Deployment{}, appsBeta.ReplicaSet{}, appsBeta.DaemonSet{}, appsBeta.StatefulSet{},
	extensions.Deployment{}, extensions.ReplicaSet{}, extensions.DaemonSet{}, extensions.Ingress{},
	batch.Job{}, batch.CronJob{},
	autoscaling.Scale{}, autoscaling.HorizontalPodAutoscaler{},
	autoscalingV2.HorizontalPodAutoscaler{},
	networking.Ingress{}, networking.IngressClass{}, networking.NetworkPolicy{},
	networkingBeta.Ingress{},
	discovery.EndpointSlice{},
	policy.Eviction{}, policy.PodDisruptionBudget{},
	rbac.Role{}, rbac.RoleBinding{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{},
	scheduling.PriorityClass{},
	core.PersistentVolume{}, core.PersistentVolumeClaim{},
	storage.StorageClass{},
	coordination.Lease{},
	node.RuntimeClass{},
	events.Event{},
	certificates.CertificateSigningRequest{},
	authentication.TokenRequest{}, authentication.TokenReview{}, authentication.SelfSubjectReview{},
	authorization.SubjectAccessReview{}, authorization.LocalSubjectAccessReview{}, authorization.SelfSubjectAccessReview{},
	authorization.SelfSubjectRulesReview{},
	apiextensions.CustomResourceDefinition{},
	meta.CreateOptions{}, meta.DeleteOptions{}, meta.PatchOptions{}, meta.UpdateOptions{},
}

// modelName is upstream's name for the schema of a Go type.
func modelName(goType reflect.Type) string {
	path := strings.Split(goType.PkgPath(), "/")
	host := strings.Split(path[0], ".")
	for i, j := 0, len(host)-1; i < j; i, j = i+1, j-1 {
		host[i], host[j] = host[j], host[i]
	}
	return strings.Join(append(append(host, path[1:]...), goType.Name()), ".")
}

var number = regexp.MustCompile(`^\w+,(\d+),`)

func elementOf(goType reflect.Type) reflect.Type {
	for goType.Kind() == reflect.Pointer || goType.Kind() == reflect.Slice || goType.Kind() == reflect.Map {
		goType = goType.Elem()
	}
	return goType
}

// fieldsOf gives each number its field's name: behind "*" where absence differs from zero, and the fields themselves
// where upstream's JSON has them one level further up.
func fieldsOf(goType reflect.Type, pending *[]reflect.Type) map[string]any {
	fields := map[string]any{}
	for i := 0; i < goType.NumField(); i++ {
		field := goType.Field(i)
		match := number.FindStringSubmatch(field.Tag.Get("protobuf"))
		if match == nil {
			continue
		}
		name := strings.Split(field.Tag.Get("json"), ",")[0]
		if name == "" && field.Type.Kind() != reflect.Struct && field.Type.Kind() != reflect.Pointer {
			continue
		}
		if name == "" {
			fields[match[1]] = fieldsOf(elementOf(field.Type), pending)
			continue
		}
		if element := elementOf(field.Type); element.Kind() == reflect.Struct {
			*pending = append(*pending, element)
		}
		if field.Type.Kind() == reflect.Pointer {
			name = "*" + name
		}
		fields[match[1]] = name
	}
	return fields
}

func main() {
	written := map[string]any{}
	pending := []reflect.Type{}
	for _, root := range roots {
		pending = append(pending, reflect.TypeOf(root))
	}
	for ; len(pending) > 0; pending = pending[1:] {
		name := modelName(pending[0])
		if _, done := written[name]; !done {
			written[name] = fieldsOf(pending[0], &pending)
		}
	}
	text, err := json.Marshal(written)
	if err != nil {
		panic(err)
	}
	// One message per line, so that a newer release of the API shows as a readable difference.
	lines := regexp.MustCompile(`("io\.k8s\.[^"]+":\{)`).ReplaceAllString(string(text), "\n$1")
	if err := os.WriteFile(os.Args[1], []byte(lines+"\n"), 0o644); err != nil {
		panic(err)
	}
}
