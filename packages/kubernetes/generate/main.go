// Writes the schemas of every kind that Reckon serves, and of all that these refer to, as JSON
// without descriptions: types, required fields, defaults, enums, merge keys and list types.
package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"

	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"reckon/kubernetes/generate/definitions"
)

// roots are the types with a path of their own; everything reachable from them is written too.
var roots = []string{
	"io.k8s.api.core.v1.Namespace", "io.k8s.api.core.v1.Node", "io.k8s.api.core.v1.Pod", "io.k8s.api.core.v1.Service",
	"io.k8s.api.core.v1.ConfigMap", "io.k8s.api.core.v1.Secret", "io.k8s.api.core.v1.Binding",
	"io.k8s.api.core.v1.ServiceAccount", "io.k8s.api.core.v1.Endpoints", "io.k8s.api.core.v1.Event",
	"io.k8s.api.core.v1.LimitRange", "io.k8s.api.core.v1.ResourceQuota", "io.k8s.api.core.v1.PodTemplate", "io.k8s.api.core.v1.ReplicationController",
	"io.k8s.api.apps.v1.Deployment", "io.k8s.api.apps.v1.ReplicaSet", "io.k8s.api.apps.v1.DaemonSet",
	"io.k8s.api.apps.v1.StatefulSet", "io.k8s.api.apps.v1.ControllerRevision",
	"io.k8s.api.apps.v1beta2.Deployment", "io.k8s.api.apps.v1beta2.ReplicaSet", "io.k8s.api.apps.v1beta2.DaemonSet",
	"io.k8s.api.apps.v1beta2.StatefulSet",
	"io.k8s.api.extensions.v1beta1.Deployment", "io.k8s.api.extensions.v1beta1.ReplicaSet",
	"io.k8s.api.extensions.v1beta1.DaemonSet", "io.k8s.api.extensions.v1beta1.Ingress",
	"io.k8s.api.batch.v1.Job", "io.k8s.api.batch.v1.CronJob",
	"io.k8s.api.autoscaling.v1.Scale", "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
	"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
	"io.k8s.api.networking.v1.Ingress", "io.k8s.api.networking.v1.IngressClass", "io.k8s.api.networking.v1.NetworkPolicy",
	"io.k8s.api.networking.v1beta1.Ingress",
	"io.k8s.api.discovery.v1.EndpointSlice",
	"io.k8s.api.policy.v1.Eviction", "io.k8s.api.policy.v1.PodDisruptionBudget",
	"io.k8s.api.rbac.v1.Role", "io.k8s.api.rbac.v1.RoleBinding", "io.k8s.api.rbac.v1.ClusterRole",
	"io.k8s.api.rbac.v1.ClusterRoleBinding",
	"io.k8s.api.scheduling.v1.PriorityClass",
	"io.k8s.api.core.v1.PersistentVolume", "io.k8s.api.core.v1.PersistentVolumeClaim",
	"io.k8s.api.storage.v1.StorageClass",
	"io.k8s.api.coordination.v1.Lease",
	"io.k8s.api.node.v1.RuntimeClass",
	"io.k8s.api.events.v1.Event",
	"io.k8s.api.certificates.v1.CertificateSigningRequest",
	"io.k8s.api.authentication.v1.TokenRequest", "io.k8s.api.authentication.v1.TokenReview",
	"io.k8s.api.authentication.v1.SelfSubjectReview",
	"io.k8s.api.authorization.v1.SubjectAccessReview", "io.k8s.api.authorization.v1.LocalSubjectAccessReview",
	"io.k8s.api.authorization.v1.SelfSubjectAccessReview", "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
	"io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions",
	"io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
	"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
	"io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions",
	"io.k8s.apimachinery.pkg.apis.meta.v1.Status",
	"io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions",
}

// modelName turns a Go type's name into upstream's name for its schema.
func modelName(goName string) string {
	if !strings.Contains(goName, "/") {
		return goName
	}
	path := strings.Split(goName, "/")
	host := strings.Split(path[0], ".")
	for i, j := 0, len(host)-1; i < j; i, j = i+1, j-1 {
		host[i], host[j] = host[j], host[i]
	}
	return strings.Join(append(host, path[1:]...), ".")
}

var reference = regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`)

// withoutProse removes what only a reader needs.
func withoutProse(value any) any {
	switch node := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, child := range node {
			_, isText := child.(string)
			if (key == "description" && isText) || key == "x-kubernetes-v2-schema" || key == "x-kubernetes-unions" {
				continue
			}
			kept[key] = withoutProse(child)
		}
		return kept
	case []any:
		for i, child := range node {
			node[i] = withoutProse(child)
		}
	}
	return value
}

func main() {
	found := definitions.GetOpenAPIDefinitions(func(goName string) spec.Ref {
		return spec.MustCreateRef("#/components/schemas/" + modelName(goName))
	})
	byName := map[string]common.OpenAPIDefinition{}
	for goName, definition := range found {
		byName[modelName(goName)] = definition
	}
	written := map[string]any{}
	for pending := roots; len(pending) > 0; pending = pending[1:] {
		name := pending[0]
		if _, done := written[name]; done {
			continue
		}
		definition, exists := byName[name]
		if !exists {
			panic("no schema for " + name)
		}
		text, err := json.Marshal(definition.Schema)
		if err != nil {
			panic(err)
		}
		var schema any
		if err := json.Unmarshal(text, &schema); err != nil {
			panic(err)
		}
		written[name] = withoutProse(schema)
		for _, match := range reference.FindAllStringSubmatch(string(text), -1) {
			pending = append(pending, match[1])
		}
	}
	text, err := json.Marshal(written)
	if err != nil {
		panic(err)
	}
	// One schema per line, so that a newer release of the API shows as a readable difference.
	lines := regexp.MustCompile(`("io\.k8s\.[^"]+":\{)`).ReplaceAllString(string(text), "\n$1")
	if err := os.WriteFile(os.Args[1], []byte(lines+"\n"), 0o644); err != nil {
		panic(err)
	}
}
