// Writes the roles and bindings that every Kubernetes cluster begins with, as upstream's own tests print them, as JSON:
// those of users. Components that Reckon has not got need no roles.
package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"

	rbac "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

var ofUsers = regexp.MustCompile(
	`^(cluster-admin|admin|edit|view|system:(aggregate-to-.+|basic-user|discovery|public-info-viewer|monitoring|service-account-issuer-discovery))$`)

func read(path string, into any) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		panic(err)
	}
}

func main() {
	directory := os.Args[1]
	var roles rbac.ClusterRoleList
	var bindings rbac.ClusterRoleBindingList
	read(filepath.Join(directory, "cluster-roles.yaml"), &roles)
	read(filepath.Join(directory, "cluster-role-bindings.yaml"), &bindings)
	objects := []any{}
	for _, role := range roles.Items {
		if ofUsers.MatchString(role.Name) {
			objects = append(objects, role)
		}
	}
	for _, binding := range bindings.Items {
		if ofUsers.MatchString(binding.Name) {
			objects = append(objects, binding)
		}
	}
	text, err := json.MarshalIndent(objects, "", "\t")
	if err != nil {
		panic(err)
	}
	// An aggregated role's rules are not there yet.
	text = regexp.MustCompile(`\s*"rules": null,`).ReplaceAll(text, nil)
	if err := os.WriteFile(os.Args[2], append(text, '\n'), 0o644); err != nil {
		panic(err)
	}
}
