import { nodeBackend } from "../src/run/node-backend.ts";
import { cohort } from "../src/run/cohort.ts";
import { trainCohort } from "../src/run/train.ts";
import { choose } from "../src/zoo/entry.ts";
import { zoo } from "../src/zoo/index.ts";
const mk=(k:any,z:any,s:any)=>choose(k,z,s) as any;
const members=["selu","hardswish","tanh"].flatMap(a=>["ce","kl",{hinge:{delta:5}}].map(l=>[a,l])).map(([a,l],i)=>({id:`t${i}`,model:mk("model",zoo.models,{mlp:{hidden:[28],init:{normal:0.01}}}),activation:mk("activation",zoo.activations,a),loss:mk("loss",zoo.losses,l),optimizer:mk("optimizer",zoo.optimizers,{sgd:{learningRate:0.01,momentum:0.9,weightDecay:1e-4}}),schedule:mk("schedule",zoo.schedules,"constant"),seed:0}));
const c=cohort(members,{shape:[1,28,28],pixels:"uint8",classes:10,classCounts:new Array(10).fill(500),scale:[1/255],offset:[0]});
const N=+(process.argv[2]??20000);
const images=new Uint8Array(N*784).map((_, i)=>(Math.imul(i,2654435761)>>>9)&255), labels=new Uint8Array(N).map((_, i)=>i%10);
const base=nodeBackend(); let inRun=0,n=0, evalT=0; let ds:number[]=[];
const backend={...base, async session(m:Uint8Array){const s=await base.session(m); return {release:s.release, async run(f:any,o:any){const t=performance.now(); const r=await s.run(f,o); const d=performance.now()-t; if("losses" in r) evalT+=d; else {inRun+=d;n++;ds.push(d);} return r;}}}};
let t=performance.now();
for await (const e of trainCohort({cohort:c,data:{images,labels,train:Uint32Array.from({length:N},(_, i)=>i),validation:new Uint32Array(0),test:Uint32Array.from({length:100},(_, i)=>i)},batchSize:100,epochs:4,seed:1},backend,{stepsPerCall:+(process.env.U??1)})) {
 const dt=performance.now()-t; t=performance.now();
 console.log(e.epoch,"total/model/step",(dt*1000/(N/100)/9).toFixed(1),"in run",(inRun*1000/(N/100)/9).toFixed(1),"calls",n,"eval ms",evalT.toFixed(1)); ds.sort((a,b)=>a-b); console.log("  median",(ds[ds.length>>1]*1000/9).toFixed(0),"p10",(ds[ds.length/10|0]*1000/9).toFixed(0)); ds=[]; inRun=0;n=0;evalT=0;
}
