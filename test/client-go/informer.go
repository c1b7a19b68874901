// Follows the ConfigMaps of a namespace by client-go's informer, and prints what its handlers are told: `SYNCED`, then
// `ADDED`, `UPDATED` and `DELETED` with a name and what the object holds under `k`. Ends with its standard input.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err != nil {
		panic(err)
	}
	client := core.NewForConfigOrDie(config)
	source := cache.NewListWatchFromClient(client.RESTClient(), "configmaps", os.Args[2], fields.Everything())
	informer := cache.NewSharedIndexInformer(source, &v1.ConfigMap{}, 10*time.Hour, cache.Indexers{})
	told := func(what string, object any) {
		if gone, isLate := object.(cache.DeletedFinalStateUnknown); isLate {
			object = gone.Obj
		}
		held := object.(*v1.ConfigMap)
		fmt.Println(what, held.Name, held.Data["k"])
	}
	informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { told("ADDED", object) },
		UpdateFunc: func(_, object any) { told("UPDATED", object) },
		DeleteFunc: func(object any) { told("DELETED", object) },
	})
	ctx, stop := context.WithCancel(context.Background())
	go informer.RunWithContext(ctx)
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		panic("it never had everything")
	}
	fmt.Println("SYNCED")
	io.Copy(io.Discard, os.Stdin)
	stop()
}
