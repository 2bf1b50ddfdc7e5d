import { nodeBackend } from "../src/run/node-backend.ts";
import { cohort, stepGraph, stateOf } from "../src/run/cohort.ts";
import { emit } from "../src/onnx/emit.ts";
import { sizeOf } from "../src/tensor/index.ts";
import { choose } from "../src/zoo/entry.ts";
import { zoo } from "../src/zoo/index.ts";
const mk=(k:any,z:any,s:any)=>choose(k,z,s) as any;
const members=["selu","hardswish","tanh"].flatMap(a=>["ce","kl",{hinge:{delta:5}}].map(l=>[a,l])).map(([a,l],i)=>({id:`t${i}`,model:mk("model",zoo.models,{mlp:{hidden:[28],init:{normal:0.01}}}),activation:mk("activation",zoo.activations,a),loss:mk("loss",zoo.losses,l),optimizer:mk("optimizer",zoo.optimizers,{sgd:{learningRate:+(process.env.LR??0.01),momentum:0.9,weightDecay:1e-4}}),schedule:mk("schedule",zoo.schedules,"constant"),seed:0}));
const c=cohort(members,{shape:[1,28,28],pixels:"uint8",classes:10,classCounts:new Array(10).fill(500),scale:[1/255],offset:[0]});
const N=2000; const norms=process.env.NORMS==="1";
const outputs=stepGraph(c,{total:N,batchSize:100,steps:1,norms});
const m=emit(outputs); const b=nodeBackend(); const s=await b.session(m.bytes);
const images=new Uint8Array(N*784).map((_, i)=>(Math.imul(i,2654435761)>>>9)&255), labels=new Uint8Array(N).map((_, i)=>i%10);
const shared={images:b.tensor("uint8",images,[N,784]),labels:b.tensor("uint8",labels,[N]),indices:b.tensor("int32",Int32Array.from({length:100},(_, i)=>i*7),[1,100])};
const lay=stateOf(c); const mkset=(init:boolean)=>{const arr=Object.fromEntries(lay.map(t=>[t.name,init?t.initial():new Float32Array(sizeOf(t.shape))])); return {arr,inp:Object.fromEntries(lay.map(t=>[t.name,b.tensor("float32",arr[t.name],t.shape)])),out:Object.fromEntries(lay.map(t=>["next."+t.name,b.tensor("float32",arr[t.name],outputs["next."+t.name].shape)]))}};
let A=mkset(true),B=mkset(false);
const meas:any={}; for(const [n,x] of Object.entries(outputs)) if(!n.startsWith("next.")) meas[n]=x.dtype==="int32"?b.tensor("int32",new Int32Array(sizeOf(x.shape)),x.shape):b.tensor("float32",new Float32Array(sizeOf(x.shape)),x.shape);
const swap=process.env.SWAP!=="0";
for(let r=0;r<4;r++){const ts:number[]=[]; for(let i=0;i<200;i++){const t=performance.now(); await s.run({...shared,...A.inp},{...meas,...B.out}); ts.push(performance.now()-t); if(swap)[A,B]=[B,A];} ts.sort((x,y)=>x-y); console.log("swap",swap,"median",(ts[100]*1000/9).toFixed(0),"p10",(ts[20]*1000/9).toFixed(0),"p90",(ts[180]*1000/9).toFixed(0));}
