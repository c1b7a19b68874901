//go:build tools

// Pins the modules whose types the schemas are made of, and the program that reads them.
package main

import (
	_ "k8s.io/api/apps/v1"
	_ "k8s.io/api/apps/v1beta2"
	_ "k8s.io/api/authentication/v1"
	_ "k8s.io/api/authorization/v1"
	_ "k8s.io/api/autoscaling/v1"
	_ "k8s.io/api/autoscaling/v2"
	_ "k8s.io/api/batch/v1"
	_ "k8s.io/api/certificates/v1"
	_ "k8s.io/api/coordination/v1"
	_ "k8s.io/api/core/v1"
	_ "k8s.io/api/discovery/v1"
	_ "k8s.io/api/events/v1"
	_ "k8s.io/api/extensions/v1beta1"
	_ "k8s.io/api/networking/v1"
	_ "k8s.io/api/networking/v1beta1"
	_ "k8s.io/api/node/v1"
	_ "k8s.io/api/policy/v1"
	_ "k8s.io/api/rbac/v1"
	_ "k8s.io/api/scheduling/v1"
	_ "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	_ "k8s.io/kube-openapi/cmd/openapi-gen"
)
